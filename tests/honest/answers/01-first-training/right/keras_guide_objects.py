# case: keras_guide_objects
# style: copied from the Keras guides: optimizer, loss and metric as objects (metric keeps its own long name), batch_size=64

# %% compile_model
def compile_model(model):
    model.compile(
        optimizer=keras.optimizers.RMSprop(),  # Optimizer
        # Loss function to minimize
        loss=keras.losses.SparseCategoricalCrossentropy(),
        # List of metrics to monitor
        metrics=[keras.metrics.SparseCategoricalAccuracy()],
    )
    return model

# %% train_model
def train_model(model, x, y, epochs=5):
    print("Fit model on training data")
    history = model.fit(
        x,
        y,
        batch_size=64,
        epochs=epochs,
    )
    return history

# %% first_layer_weights
def first_layer_weights(model):
    layers_with_weights = [layer for layer in model.layers if layer.weights]
    kernel, *_ = layers_with_weights[0].get_weights()
    return kernel.copy()

# %% weight_change
def weight_change(before, after):
    return [float(np.max(np.abs(w1 - w0))) for w0, w1 in zip(before, after)]
