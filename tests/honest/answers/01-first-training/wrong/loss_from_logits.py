# case: loss_from_logits
# style: from_logits=True although the model ends in softmax
# fails: compile_loss_fits_labels
# may: loss_goes_down, every_weight_changes, accuracy_passes
# borderline: in fit, Keras on TensorFlow notices the softmax, warns and uses its inputs, so training itself is right; called on plain arrays of probabilities this loss is wrong

# %% compile_model
def compile_model(model):
    model.compile(
        optimizer="adam",
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
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
