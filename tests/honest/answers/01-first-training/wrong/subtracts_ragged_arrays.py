# case: subtracts_ragged_arrays
# style: np.array(after) - np.array(before) on lists of arrays with different shapes
# fails: weight_change_is_measured
# says: the arrays have different shapes, so they do not fit into one NumPy array; go through the two lists in pairs with zip

# %% compile_model
def compile_model(model):
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=0.01),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model

# %% train_model
def train_model(model, x, y, epochs=5):
    history = model.fit(x, y, epochs=epochs, batch_size=16)
    return history

# %% first_layer_weights
def first_layer_weights(model):
    weighted = [layer for layer in model.layers if layer.get_weights()]
    kernel = weighted[0].get_weights()[0]
    return np.array(kernel)

# %% weight_change
def weight_change(before, after):
    difference = np.array(after) - np.array(before)
    return [float(np.abs(d).max()) for d in difference]
