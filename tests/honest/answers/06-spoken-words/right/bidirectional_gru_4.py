# case: bidirectional_gru
# style: recurrent network with a larger rate and clipped gradients, ReduceLROnPlateau callback; sort by count

# %% build_model
def build_model(frames, mel_bins, n_words):
    model = keras.Sequential()
    model.add(keras.Input((frames, mel_bins)))
    model.add(keras.layers.Bidirectional(keras.layers.GRU(48, return_sequences=True)))
    model.add(keras.layers.GlobalMaxPooling1D())
    model.add(keras.layers.Dense(n_words, activation="softmax"))
    return model

# %% compile_model
def compile_model(model):
    # a recurrent layer learns slowly, so the rate is larger than usual
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=0.005, clipnorm=1.0),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model

# %% train_model
def train_model(model, x, y, epochs=5):
    callbacks = [
        keras.callbacks.ReduceLROnPlateau(monitor="loss", factor=0.5, patience=4),
        keras.callbacks.TerminateOnNaN(),
    ]
    return model.fit(x, y, epochs=epochs, callbacks=callbacks, verbose=0)

# %% most_confused
def most_confused(model, x, y):
    y_hat = model.predict(x, verbose=0).argmax(-1)
    n = model.output_shape[-1]
    mistakes = []
    for t in range(n):
        for p in range(n):
            if t != p:
                mistakes.append((t, p, int(((y == t) & (y_hat == p)).sum())))
    # sort is stable: pairs with the same count stay in order
    mistakes.sort(key=lambda m: m[2], reverse=True)
    t, p, count = mistakes[0]
    return (t, p) if count > 0 else None
