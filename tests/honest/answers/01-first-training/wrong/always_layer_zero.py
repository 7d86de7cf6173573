# case: always_layer_zero
# style: reads model.layers[0] even if that layer has no weights
# fails: first_layer_weights_are_read
# may: loss_goes_down, every_weight_changes, accuracy_passes
# borderline: right for the lesson's own model; the docstring says "first layer that has weights" and the text that a layer may have none

# %% compile_model
def compile_model(model):
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model

# %% train_model
def train_model(model, x, y, epochs=5):
    history = model.fit(x, y, epochs=epochs, verbose=0)
    return history

# %% first_layer_weights
def first_layer_weights(model):
    first = model.layers[0]
    kernel, bias = first.get_weights()
    return kernel.copy()

# %% weight_change
def weight_change(before, after):
    return [float(np.abs(a - b).max()) for b, a in zip(before, after)]
