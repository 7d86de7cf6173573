# case: sum_of_words
# style: the sum of the word vectors instead of the average, own Embedding subclass, tiny weight decay

# %% build_model
class WordTable(keras.layers.Embedding):
    """An embedding that adds up the words of a sentence."""

    def call(self, inputs):
        return keras.ops.sum(super().call(inputs), axis=1)

    def compute_output_shape(self, input_shape):
        return (input_shape[0], self.output_dim)


def build_model(vocabulary_size, n_intents):
    return keras.Sequential([
        keras.Input((SENTENCE_LENGTH,), dtype="int64"),
        WordTable(vocabulary_size, 16),
        keras.layers.Dense(n_intents, activation="softmax"),
    ])


# %% compile_model
def compile_model(model):
    model.compile(keras.optimizers.AdamW(learning_rate=0.005, weight_decay=1e-4),
                  loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


# %% train_model
def train_model(model, x, y, epochs):
    return model.fit(x, y, epochs=epochs, verbose=0)


# %% reply
def reply(model, sentence):
    chances = model.predict(vectorize([sentence]), verbose=0)[0]
    return REPLIES[np.flatnonzero(chances == chances.max())[0]]

