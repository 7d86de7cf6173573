# case: abs_before_subtract
# style: drops the signs before it subtracts, so a weight that crosses zero seems to move less
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
    changes = []
    for b, a in zip(before, after):
        difference = np.abs(np.abs(a) - np.abs(b))
        changes.append(float(difference.max()))
    return changes
