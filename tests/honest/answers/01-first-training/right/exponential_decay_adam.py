# case: exponential_decay_adam
# style: learning rate schedule with ExponentialDecay; constants and intermediate names everywhere

# %% compile_model
INITIAL_LR = 0.02
DECAY_STEPS = 100
DECAY_RATE = 0.9


def compile_model(model):
    schedule = keras.optimizers.schedules.ExponentialDecay(
        initial_learning_rate=INITIAL_LR,
        decay_steps=DECAY_STEPS,
        decay_rate=DECAY_RATE,
        staircase=True,
    )
    optimizer = keras.optimizers.Adam(schedule)
    loss_fn = keras.losses.SparseCategoricalCrossentropy()
    metric = keras.metrics.SparseCategoricalAccuracy()
    model.compile(optimizer=optimizer, loss=loss_fn, metrics=[metric])
    return model


# %% train_model
def train_model(model, x, y, epochs=5):
    hist = model.fit(x, y, epochs=epochs)
    return hist


# %% first_layer_weights
def first_layer_weights(model):
    layers_with_weights = [layer for layer in model.layers if layer.weights]
    kernel, bias = layers_with_weights[0].get_weights()
    return kernel


# %% weight_change
def weight_change(before, after):
    largest = []
    for old, new in zip(before, after):
        difference = new - old
        absolute = np.abs(difference)
        largest.append(absolute.max().item())
    return largest
