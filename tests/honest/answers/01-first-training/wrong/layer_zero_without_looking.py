# case: layer_zero_without_looking
# style: layers[0].get_weights()[0], whether that layer has weights or not
# fails: first_layer_weights_are_read
# borderline: right for the notebook's own model; wrong only if a layer without weights, such as Flatten, comes first, as the docstring allows
# says: the first layer may have no weights at all (Flatten, Dropout); look for the first layer that has some

# %% compile_model
def compile_model(model):
    opt = keras.optimizers.Adam(0.01)
    model.compile(loss=keras.losses.SparseCategoricalCrossentropy(), optimizer=opt, metrics=["accuracy"])
    return model

# %% train_model
def train_model(model, x, y, epochs=5):
    history = model.fit(x, y, epochs=epochs, batch_size=16)
    return history

# %% first_layer_weights
def first_layer_weights(model):
    return model.layers[0].get_weights()[0].copy()

# %% weight_change
def weight_change(before, after):
    changes = []
    for i in range(len(before)):
        changes.append(float(np.abs(after[i] - before[i]).max()))
    return changes
