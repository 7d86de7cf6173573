# case: lambda_layers
# style: Lambda layers for centring, loudness change and pooling; PiecewiseConstantDecay; dict comprehension

# %% build_model
def build_model(frames, mel_bins, n_words):
    x = inp = keras.Input((frames, mel_bins))
    # the mean over time does not matter, take it off
    x = keras.layers.Lambda(lambda t: t - keras.ops.mean(t, axis=1, keepdims=True))(x)
    x = keras.layers.Conv1D(64, 5, padding="same", activation="elu")(x)
    x = keras.layers.Conv1D(64, 5, padding="same", activation="elu")(x)
    # largest and mean answer of each detector
    x = keras.layers.Lambda(
        lambda t: keras.ops.concatenate([keras.ops.max(t, axis=1), keras.ops.mean(t, axis=1)], axis=-1)
    )(x)
    x = keras.layers.Dense(64, activation="elu")(x)
    x = keras.layers.Dense(n_words)(x)
    x = keras.layers.Activation("softmax")(x)
    return keras.Model(inp, x)

# %% compile_model
def compile_model(model):
    rate = keras.optimizers.schedules.PiecewiseConstantDecay([150, 400], [2e-3, 1e-3, 5e-4])
    model.compile(keras.optimizers.RMSprop(rate), "sparse_categorical_crossentropy", metrics=["sparse_categorical_accuracy"])
    return model

# %% train_model
train_model = lambda model, x, y, epochs=5: model.fit(x, y, epochs=epochs, verbose=0)

# %% most_confused
def most_confused(model, x, y):
    heard = model.predict(x, verbose=0).argmax(1)
    words = range(model.predict(x[:1], verbose=0).shape[1])
    counts = {(t, p): np.count_nonzero((y == t) & (heard == p)) for t in words for p in words if t != p}
    best = max(counts, key=counts.get)  # a dict keeps its order, and max takes the first
    return best if counts[best] else None
