# case: change_keeps_sign
# style: forgot the absolute value: the largest increase only
# fails: weight_change_is_measured
# may: loss_goes_down, every_weight_changes, accuracy_passes

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
    for layer in model.layers:
        weights = layer.get_weights()
        if weights:
            return weights[0].copy()

# %% weight_change
def weight_change(before, after):
    return [float((a - b).max()) for b, a in zip(before, after)]
