# case: attention_pool_layer
# style: an own layer that weighs the words (attention pooling) and respects the mask
# borderline: row 0 of the table (padding) is masked, so it never gets a gradient

# %% build_model
class AttentionPool(keras.layers.Layer):
    """Average the words, but let the network choose the weights of the average."""

    def __init__(self, units=16, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.supports_masking = True
        self.hidden = keras.layers.Dense(units, activation="tanh")
        self.score = keras.layers.Dense(1, use_bias=False)

    def build(self, input_shape):
        self.hidden.build(input_shape)
        self.score.build((*input_shape[:-1], self.units))

    def call(self, inputs, mask=None):
        scores = self.score(self.hidden(inputs))
        if mask is not None:
            hidden = 1.0 - keras.ops.cast(mask, scores.dtype)
            scores = scores - 1e4 * keras.ops.expand_dims(hidden, -1)
        weights = keras.ops.softmax(scores, axis=1)
        return keras.ops.sum(weights * inputs, axis=1)

    def compute_mask(self, inputs, mask=None):
        return None

    def compute_output_shape(self, input_shape):
        return (input_shape[0], input_shape[-1])

    def get_config(self):
        return {**super().get_config(), "units": self.units}


def build_model(vocabulary_size, n_intents):
    return keras.Sequential([
        keras.Input((SENTENCE_LENGTH,)),
        keras.layers.Embedding(vocabulary_size, 16, mask_zero=True),
        AttentionPool(12),
        keras.layers.Dense(n_intents, activation="softmax"),
    ])


# %% compile_model
def compile_model(model):
    model.compile(optimizer=keras.optimizers.Adam(0.01),
                  loss=keras.losses.SparseCategoricalCrossentropy(),
                  metrics=["sparse_categorical_accuracy"])
    return model


# %% train_model
def train_model(model, x, y, epochs):
    return model.fit(x, y, batch_size=32, epochs=epochs, verbose=0)


# %% reply
def reply(model, sentence):
    row, = model.predict(vectorize([sentence]), verbose=0)
    return max(zip(row, range(len(row)), REPLIES), key=lambda triple: triple[0])[2]

