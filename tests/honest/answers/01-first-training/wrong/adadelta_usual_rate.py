# case: adadelta_usual_rate
# style: Adadelta at Keras' usual rate of 0.001: it hardly moves in 20 epochs
# fails: loss_goes_down
# may: every_weight_changes, accuracy_passes
# borderline: accuracy may pass if the beginner happens to be good already; every_weight_changes may pass, as the tiny steps are not zero

# %% compile_model
def compile_model(model):
    model.compile(optimizer="adadelta", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
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
