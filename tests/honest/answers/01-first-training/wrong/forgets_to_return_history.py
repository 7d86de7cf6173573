# case: forgets_to_return_history
# style: trains well but returns nothing
# fails: fit_returns_history
# may: fit_runs_every_epoch, loss_goes_down
# says: train_model returns None; return what model.fit returns

# %% compile_model
def compile_model(model):
    opt = keras.optimizers.Adam(0.01)
    model.compile(loss=keras.losses.SparseCategoricalCrossentropy(), optimizer=opt, metrics=["accuracy"])
    return model

# %% train_model
def train_model(model, x, y, epochs=5):
    history = model.fit(x, y, batch_size=16, epochs=epochs, verbose=0)
    print("loss:", history.history["loss"])

# %% first_layer_weights
def first_layer_weights(model):
    for layer in model.layers:
        if layer.weights:
            return layer.get_weights()[0].copy()

# %% weight_change
def weight_change(before, after):
    changes = []
    for i in range(len(before)):
        changes.append(float(np.abs(after[i] - before[i]).max()))
    return changes
