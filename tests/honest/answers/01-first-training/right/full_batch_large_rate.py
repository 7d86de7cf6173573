# case: full_batch_large_rate
# style: the whole data set is one batch, Adam with a larger rate as the text advises

# %% compile_model
def compile_model(model):
    # one batch per epoch means few steps, so each has to be larger
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=0.05),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model

# %% train_model
def train_model(model, x, y, epochs=5):
    everything = len(x)
    return model.fit(x, y, batch_size=everything, epochs=epochs, shuffle=False, verbose=0)

# %% first_layer_weights
def first_layer_weights(model):
    kernel = None
    for layer in reversed(model.layers):
        weights = layer.get_weights()
        if weights:
            kernel = weights[0]
    return kernel.copy()

# %% weight_change
def weight_change(before, after):
    down = [(b - a).max() for b, a in zip(before, after)]
    up = [(a - b).max() for b, a in zip(before, after)]
    return [float(max(u, d)) for u, d in zip(up, down)]
