# case: live_variable
# style: returns the Keras variable itself, neither an array nor a copy; it changes with training
# fails: first_layer_weights_are_read
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
        if layer.weights:
            return layer.weights[0]

# %% weight_change
def weight_change(before, after):
    return [float(np.abs(a - b).max()) for b, a in zip(before, after)]
