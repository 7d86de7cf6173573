# case: callbacks_progress
# style: a callback class that prints every fifth epoch, and a LearningRateScheduler that makes the steps smaller

# %% build_model
def build_model(vocabulary_size, n_intents):
    """Build a network that takes word ids and gives a probability for each intent."""
    stack = [
        keras.Input((SENTENCE_LENGTH,)),
        keras.layers.Embedding(vocabulary_size, 16),
        keras.layers.Conv1D(32, 3, activation="relu", padding="same"),
        keras.layers.GlobalMaxPooling1D(),
        keras.layers.Dense(n_intents, activation="softmax"),
    ]
    return keras.Sequential(stack)

# %% compile_model
def compile_model(model):
    """Set how the model learns from intent numbers."""
    model.compile(optimizer=keras.optimizers.Adam(learning_rate=0.01), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model

# %% train_model
class EveryFifth(keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs=None):
        if (epoch + 1) % 5 == 0:
            print(f"epoch {epoch + 1}: loss {logs['loss']:.3f}")


def smaller_steps(epoch, lr):
    return lr if epoch < 5 else lr * 0.95


def train_model(model, x, y, epochs):
    """Train a compiled model."""
    callbacks = [EveryFifth(), keras.callbacks.LearningRateScheduler(smaller_steps)]
    return model.fit(x, y, epochs=epochs, verbose=0, callbacks=callbacks)

# %% reply
def reply(model, sentence):
    """Answer one sentence."""
    probabilities = model.predict(vectorize([sentence]), verbose=0)[0]
    ranked = sorted(zip(probabilities, REPLIES), reverse=True)
    return ranked[0][1]
