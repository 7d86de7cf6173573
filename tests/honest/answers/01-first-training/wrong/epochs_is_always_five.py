# case: epochs_is_always_five
# style: fit(..., epochs=5): the default is written again instead of the argument
# fails: fit_runs_every_epoch
# may: accuracy_passes, loss_goes_down
# says: the function always trains for 5 epochs; pass epochs=epochs to fit

# %% compile_model
def compile_model(model):
    opt = keras.optimizers.Adam(0.01)
    model.compile(loss=keras.losses.SparseCategoricalCrossentropy(), optimizer=opt, metrics=["accuracy"])
    return model

# %% train_model
def train_model(model, x, y, epochs=5):
    history = model.fit(x, y, batch_size=16, epochs=5, verbose=0)
    return history

# %% first_layer_weights
def first_layer_weights(model):
    for layer in model.layers:
        if layer.weights:
            return layer.get_weights()[0].copy()

# %% weight_change
def weight_change(before, after):
    return [float(np.max(np.abs(a - b))) for b, a in zip(before, after)]
