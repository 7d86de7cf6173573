# case: returns_what_compile_returns
# style: returns the value of model.compile(...), which is None
# fails: compile_sets_optimizer
# may: compile_loss_fits_labels, compile_reports_accuracy, loss_goes_down, every_weight_changes, accuracy_passes, fit_returns_history, fit_runs_every_epoch
# borderline: the notebook itself ignores the returned value and goes on with the model it passed in, which is compiled; the text says "and return the model", so at least one of the compile checks should fail (which one is my guess)

# %% compile_model
def compile_model(model):
    return model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])

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
