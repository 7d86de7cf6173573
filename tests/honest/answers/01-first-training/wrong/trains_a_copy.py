# case: trains_a_copy
# style: clones the model "so as not to change it" and trains the clone
# fails: loss_goes_down, every_weight_changes
# may: accuracy_passes, fit_returns_history, fit_runs_every_epoch
# borderline: the History itself is one of fit with every epoch, but of another model; accuracy passes only if the untrained model is lucky

# %% compile_model
def compile_model(model):
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model

# %% train_model
def train_model(model, x, y, epochs=5):
    trained = keras.models.clone_model(model)
    trained.set_weights(model.get_weights())
    trained.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    history = trained.fit(x, y, epochs=epochs, verbose=0)
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
