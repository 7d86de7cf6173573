# case: callbacks_and_plateau
# style: ReduceLROnPlateau on the training loss, TerminateOnNaN and an own callback that prints

# %% build_model
def build_model(vocabulary_size, n_intents):
    embed = keras.layers.Embedding(vocabulary_size, 16, embeddings_initializer="glorot_uniform")
    pool = keras.layers.GlobalAveragePooling1D()
    hidden = keras.layers.Dense(24, activation="tanh")
    out = keras.layers.Dense(n_intents, activation="softmax")
    return keras.Sequential([keras.Input((SENTENCE_LENGTH,)), embed, pool, hidden, out])


# %% compile_model
def compile_model(model):
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    model.optimizer.learning_rate = 0.01
    return model


# %% train_model
class PrintEveryTen(keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs=None):
        if (epoch + 1) % 10 == 0:
            print(f"epoch {epoch + 1}: loss {logs['loss']:.3f}")


def train_model(model, x, y, epochs):
    callbacks = [
        keras.callbacks.ReduceLROnPlateau(monitor="loss", factor=0.5, patience=3, min_lr=1e-3),
        keras.callbacks.TerminateOnNaN(),
        PrintEveryTen(),
    ]
    return model.fit(x, y, epochs=epochs, callbacks=callbacks, verbose=0)


# %% reply
def reply(model, sentence):
    probabilities = model.predict(vectorize([sentence]), verbose=0)[0].tolist()
    return REPLIES[probabilities.index(max(probabilities))]

