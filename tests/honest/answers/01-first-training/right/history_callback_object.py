# case: history_callback_object
# style: passes its own History callback; fit uses that object, so model.history is what fit returns

# %% compile_model
def compile_model(model):
    model.compile(
        optimizer=keras.optimizers.Nadam(),
        loss=keras.losses.SparseCategoricalCrossentropy(),
        metrics=[keras.metrics.SparseCategoricalAccuracy(name="accuracy")],
    )
    return model

# %% train_model
def train_model(model, x, y, epochs=5):
    record = keras.callbacks.History()
    model.fit(x, y, epochs=epochs, verbose=0, callbacks=[record])
    return model.history

# %% first_layer_weights
def first_layer_weights(model):
    weights_by_layer = {layer.name: layer.get_weights() for layer in model.layers}
    non_empty = {name: w for name, w in weights_by_layer.items() if len(w) != 0}
    first_name = list(non_empty)[0]
    return non_empty[first_name][0] + 0

# %% weight_change
def weight_change(before, after):
    result = []
    for a, b in zip(before, after):
        flat = np.sort(np.abs(a - b), axis=None)
        result.append(float(flat[-1]))
    return result
