# case: plain_notebook_words
# style: follows the notebook's own words, nothing more; relies on get_weights() being a snapshot

# %% compile_model
def compile_model(model):
    """Set how the model learns from integer class labels."""
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model

# %% train_model
def train_model(model, x, y, epochs=5):
    """Train a compiled model."""
    history = model.fit(x, y, epochs=epochs)
    return history

# %% first_layer_weights
def first_layer_weights(model):
    """Read the kernel of the first layer that has weights."""
    for layer in model.layers:
        weights = layer.get_weights()
        if weights:
            return weights[0]

# %% weight_change
def weight_change(before, after):
    """Measure how far training moved each array of weights."""
    changes = []
    for a, b in zip(before, after):
        changes.append(float(np.abs(b - a).max()))
    return changes
