# case: transformer_block
# style: token and position embedding and one small transformer block, as in the Keras example
# borderline: there are two embeddings, one for words and one for positions; the key bias of attention has hardly any gradient

# %% build_model
class TokenAndPositionEmbedding(keras.layers.Layer):
    def __init__(self, maxlen, vocab_size, embed_dim, **kwargs):
        super().__init__(**kwargs)
        self.maxlen = maxlen
        self.token_emb = keras.layers.Embedding(input_dim=vocab_size, output_dim=embed_dim)
        self.pos_emb = keras.layers.Embedding(input_dim=maxlen, output_dim=embed_dim)

    def call(self, x):
        positions = keras.ops.arange(self.maxlen)
        return self.token_emb(x) + self.pos_emb(positions)


class TransformerBlock(keras.layers.Layer):
    def __init__(self, embed_dim, num_heads, ff_dim, **kwargs):
        super().__init__(**kwargs)
        self.att = keras.layers.MultiHeadAttention(num_heads, embed_dim // num_heads)
        self.ffn = keras.Sequential([
            keras.layers.Dense(ff_dim, activation="relu"),
            keras.layers.Dense(embed_dim),
        ])
        self.norm1 = keras.layers.LayerNormalization(epsilon=1e-6)
        self.norm2 = keras.layers.LayerNormalization(epsilon=1e-6)

    def call(self, inputs):
        out1 = self.norm1(inputs + self.att(inputs, inputs))
        return self.norm2(out1 + self.ffn(out1))


def build_model(vocabulary_size, n_intents):
    embed_dim = 32
    return keras.Sequential([
        keras.Input((SENTENCE_LENGTH,)),
        TokenAndPositionEmbedding(SENTENCE_LENGTH, vocabulary_size, embed_dim),
        TransformerBlock(embed_dim, num_heads=2, ff_dim=32),
        keras.layers.GlobalAveragePooling1D(),
        keras.layers.Dropout(0.1),
        keras.layers.Dense(n_intents, activation="softmax"),
    ])


# %% compile_model
def compile_model(model):
    model.compile(keras.optimizers.Adam(0.003), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


# %% train_model
def train_model(model, x, y, epochs):
    return model.fit(x, y, batch_size=32, epochs=epochs, verbose=0)


# %% reply
def reply(model, sentence):
    pred = model.predict(vectorize([sentence]), verbose=0)
    return REPLIES[pred[0].argmax()]

