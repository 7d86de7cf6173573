# case: warmup_cosine_clipnorm
# style: learning-rate schedule that warms up from 0 and decays, gradient clipping; the very first step moves nothing

# %% compile_model
def compile_model(model):
    schedule = keras.optimizers.schedules.CosineDecay(
        initial_learning_rate=0.0,
        decay_steps=2000,
        warmup_target=0.01,
        warmup_steps=10,
    )
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=schedule, clipnorm=1.0),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model

# %% train_model
def train_model(model, x, y, epochs=5):
    history = model.fit(x, y, batch_size=32, epochs=epochs, shuffle=True, verbose=0)
    return history

# %% first_layer_weights
def first_layer_weights(model):
    kernel = next(layer.get_weights()[0] for layer in model.layers if layer.get_weights())
    return kernel.copy()

# %% weight_change
def weight_change(before, after):
    result = []
    for b, a in zip(before, after):
        d = a - b
        result.append(float(max(d.max(), -d.min())))
    return result
