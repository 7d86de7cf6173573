# case: trains_a_model_of_its_own
# style: train_model builds and compiles a fresh model, trains that one, and leaves the given one as it was
# fails: every_weight_changes
# may: accuracy_passes, loss_goes_down, fit_returns_history, fit_runs_every_epoch
# says: the model that was given did not change: train the argument, not a new model

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
    model = build_model()
    compile_model(model)
    history = model.fit(x, y, batch_size=16, epochs=epochs, verbose=0)
    return history

# %% first_layer_weights
def first_layer_weights(model):
    weighted = [layer for layer in model.layers if layer.get_weights()]
    kernel = weighted[0].get_weights()[0]
    return np.array(kernel)

# %% weight_change
def weight_change(before, after):
    changes = []
    for i in range(len(before)):
        changes.append(float(np.abs(after[i] - before[i]).max()))
    return changes
