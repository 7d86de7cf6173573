# case: default_optimizer
# style: compile without naming an optimizer: Keras takes RMSprop by itself; small batches
# borderline: the optimizer is Keras's default, but the model is compiled with one and learns

# %% compile_model
def compile_model(model):
    model.compile(loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


# %% train_model
def train_model(model, x, y, epochs=5):
    return model.fit(x, y, epochs=epochs, batch_size=4, verbose=0)


# %% first_layer_weights
def first_layer_weights(model):
    i = [bool(layer.weights) for layer in model.layers].index(True)
    return model.layers[i].get_weights()[0]


# %% weight_change
def weight_change(before, after):
    changes = []
    for i in range(len(after)):
        changes.append(float(np.abs(before[i] - after[i]).max()))
    return changes
