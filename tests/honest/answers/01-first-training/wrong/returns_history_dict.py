# case: returns_history_dict
# style: returns history.history, the dictionary
# fails: fit_returns_history
# may: fit_runs_every_epoch, loss_goes_down
# says: return the History object itself; history.history is only the dictionary inside it

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
    history = model.fit(x, y, batch_size=16, epochs=epochs, verbose=0)
    return history.history

# %% first_layer_weights
def first_layer_weights(model):
    weighted = [layer for layer in model.layers if layer.get_weights()]
    kernel = weighted[0].get_weights()[0]
    return np.array(kernel)

# %% weight_change
def weight_change(before, after):
    return [float(np.max(np.abs(a - b))) for b, a in zip(before, after)]
