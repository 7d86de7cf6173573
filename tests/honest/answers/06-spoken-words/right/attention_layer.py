# case: attention_layer
# style: small transformer block after a convolution, LayerNormalization, warm-up schedule; np.lexsort

# %% build_model
def build_model(frames, mel_bins, n_words):
    inputs = keras.Input(shape=(frames, mel_bins))
    x = keras.layers.Conv1D(64, 5, padding="same", activation="relu")(inputs)
    x = keras.layers.LayerNormalization()(x)
    attention = keras.layers.MultiHeadAttention(num_heads=2, key_dim=32)(x, x)
    x = keras.layers.LayerNormalization()(x + attention)
    x = keras.layers.GlobalMaxPooling1D()(x)
    x = keras.layers.Dense(64, activation="relu")(x)
    outputs = keras.layers.Dense(n_words, activation="softmax")(x)
    return keras.Model(inputs=inputs, outputs=outputs)

# %% compile_model
def compile_model(model):
    schedule = keras.optimizers.schedules.CosineDecay(
        initial_learning_rate=2e-4, decay_steps=2000, warmup_target=2e-3, warmup_steps=20
    )
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=schedule),
        loss=keras.losses.SparseCategoricalCrossentropy(name="cross_entropy"),
        metrics=[
            "accuracy",
            keras.metrics.SparseTopKCategoricalAccuracy(k=2, name="top2"),
        ],
    )
    return model

# %% train_model
def train_model(model, x, y, epochs=5):
    return model.fit(x, y, epochs=epochs, batch_size=32, verbose="auto")

# %% most_confused
def most_confused(model, x, y):
    said = np.asarray(y)
    heard = model.predict(x, verbose=0).argmax(axis=1)
    mistakes = said != heard
    if not np.any(mistakes):
        return None
    pairs, counts = np.unique(
        np.column_stack((said[mistakes], heard[mistakes])), axis=0, return_counts=True
    )
    order = np.lexsort((pairs[:, 1], pairs[:, 0], -counts))  # the last key is the most important
    return tuple(pairs[order[0]].tolist())
