# case: from_logits_after_softmax
# style: from_logits=True copied from a TensorFlow tutorial, although the model ends in softmax
# fails: compile_loss_fits_labels
# may: loss_goes_down, accuracy_passes
# borderline: Keras remembers the logits of a softmax layer and repairs this in fit with a warning; only the loss object itself is wrong on probabilities
# says: the model already ends in softmax, so its outputs are probabilities, not logits; leave out from_logits=True

# %% compile_model
def compile_model(model):
    loss_fn = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=0.01), loss=loss_fn, metrics=["accuracy"]
    )
    return model

# %% train_model
def train_model(model, x, y, epochs=5):
    history = model.fit(x, y, epochs=epochs, batch_size=16)
    return history

# %% first_layer_weights
def first_layer_weights(model):
    return model.get_weights()[0].copy()

# %% weight_change
def weight_change(before, after):
    changes = []
    for i in range(len(before)):
        changes.append(float(np.abs(after[i] - before[i]).max()))
    return changes
