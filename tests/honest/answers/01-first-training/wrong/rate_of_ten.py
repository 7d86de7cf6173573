# case: rate_of_ten
# style: "a larger rate learns faster": SGD with a rate of 10, above the limit of 4 in the text
# fails: compile_sets_optimizer
# may: loss_goes_down, every_weight_changes, accuracy_passes

# %% compile_model
def compile_model(model):
    model.compile(optimizer=keras.optimizers.SGD(learning_rate=10.0), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model

# %% train_model
def train_model(model, x, y, epochs=5):
    history = model.fit(x, y, epochs=epochs, verbose=0)
    return history

# %% first_layer_weights
def first_layer_weights(model):
    for layer in model.layers:
        weights = layer.get_weights()
        if weights:
            return weights[0].copy()

# %% weight_change
def weight_change(before, after):
    return [float(np.abs(a - b).max()) for b, a in zip(before, after)]
