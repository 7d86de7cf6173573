# case: residual_dense_block
# style: average of the words, then an own residual layer that creates its Dense layers in build; class weights

# %% build_model
class Residual(keras.layers.Layer):
    def build(self, shape):
        width = shape[-1]
        self.first = keras.layers.Dense(width, activation="relu")
        self.second = keras.layers.Dense(width)
        self.first.build(shape)
        self.second.build(shape)

    def call(self, x):
        return x + self.second(self.first(x))


def build_model(vocabulary_size, n_intents):
    width = 16
    model = keras.Sequential()
    for layer in (
        keras.Input((SENTENCE_LENGTH,)),
        keras.layers.Embedding(vocabulary_size, width),
        keras.layers.GlobalAveragePooling1D(),
        Residual(),
        keras.layers.Dense(n_intents),
        keras.layers.Activation("softmax"),
    ):
        model.add(layer)
    return model


# %% compile_model
def compile_model(model):
    settings = {"loss": "sparse_categorical_crossentropy", "metrics": ["accuracy"]}
    settings["optimizer"] = keras.optimizers.Adam(learning_rate=0.01)
    model.compile(**settings)
    return model


# %% train_model
def train_model(model, x, y, epochs):
    # rarer intents count a little more
    intents, counts = np.unique(y, return_counts=True)
    class_weight = {int(i): len(y) / (len(intents) * n) for i, n in zip(intents, counts)}
    return model.fit(x, y, epochs=epochs, class_weight=class_weight, verbose=0)


# %% reply
def reply(model, sentence):
    encoded = vectorize([sentence])
    probs = model.predict_on_batch(encoded)
    order = np.argsort(probs[0])
    return REPLIES[order[-1]]

