# case: conv_transformer
# style: strided convolution, multi-head self-attention with a residual connection and layer normalization
# borderline: the key bias of attention has hardly any gradient, so it moves very little; train_model returns model.history, the same History object that fit returns

# %% build_model
def build_model(frames, mel_bins, n_words):
    width = 48
    inputs = keras.Input((frames, mel_bins))
    x = keras.layers.Conv1D(width, 5, strides=2, padding="same", activation="relu")(inputs)
    attended = keras.layers.MultiHeadAttention(num_heads=2, key_dim=16)(x, x)
    x = keras.layers.LayerNormalization()(x + attended)
    x = keras.layers.Conv1D(width, 3, padding="same", activation="relu")(x)
    x = keras.layers.GlobalMaxPooling1D()(x)
    x = keras.layers.Dropout(0.2)(x)
    return keras.Model(inputs, keras.layers.Dense(n_words, activation="softmax")(x))


# %% compile_model
def compile_model(model):
    model.compile(
        loss="sparse_categorical_crossentropy",
        optimizer=keras.optimizers.Adam(0.002, clipnorm=1.0),
        metrics=["accuracy"],
    )
    return model


# %% train_model
def train_model(model, x, y, epochs=5):
    model.fit(x, y, batch_size=16, epochs=epochs, verbose=0)
    return model.history          # fit leaves its History here


# %% most_confused
def most_confused(model, x, y):
    taken_for = model.predict(x, verbose=0).argmax(axis=1)
    mistakes = [(int(a), int(b)) for a, b in zip(y, taken_for) if a != b]
    try:
        return max(sorted(set(mistakes)), key=mistakes.count)
    except ValueError:            # max of nothing
        return None

