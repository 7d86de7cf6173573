# case: run_eagerly_debug
# style: somebody who was debugging: run_eagerly=True left in, verbose=2, numbers taken over as Python lists

# %% compile_model
def compile_model(model):
    model.compile(
        optimizer="adam",
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
        run_eagerly=True,
    )
    return model

# %% train_model
def train_model(model, x, y, epochs=5):
    history = model.fit(x, y, epochs=epochs, verbose=2)
    # print(history.history.keys())
    return history

# %% first_layer_weights
def first_layer_weights(model):
    for layer in model.layers:
        # print(layer.name, len(layer.get_weights()))
        if layer.get_weights() == []:
            continue
        numbers = layer.get_weights()[0].tolist()
        return np.array(numbers, dtype="float32")

# %% weight_change
def weight_change(before, after):
    result = []
    for old, new in zip(before, after):
        numbers = (new - old).flatten().tolist()
        result.append(float(max(abs(number) for number in numbers)))
    return result
