# case: adadelta_barely_moves
# style: optimizer "adadelta", whose default learning rate of 0.001 in Keras hardly moves a weight
# fails: loss_goes_down
# may: accuracy_passes, every_weight_changes
# borderline: a lucky beginner is accurate without training, and the loss does fall by a trace
# says: the loss hardly changes: the steps are far too small; take another optimizer or a larger learning rate

# %% compile_model
def compile_model(model):
    model.compile(
        optimizer="adadelta", loss="sparse_categorical_crossentropy", metrics=["accuracy"]
    )
    return model

# %% train_model
def train_model(model, x, y, epochs=5):
    return model.fit(x, y, epochs=epochs, verbose=0)

# %% first_layer_weights
def first_layer_weights(model):
    weighted = [layer for layer in model.layers if layer.get_weights()]
    kernel = weighted[0].get_weights()[0]
    return np.array(kernel)

# %% weight_change
def weight_change(before, after):
    changes = []
    for i in range(len(before)):
        changes.append(float(np.abs(after[i] - before[i]).max()))
    return changes
