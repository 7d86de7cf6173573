# case: transformer_block
# style: the Keras example "text classification with Transformer": two layer classes, a second Embedding for the positions, self-attention

# %% build_model
from keras import layers, ops


class TransformerBlock(layers.Layer):
    def __init__(self, embed_dim, num_heads, ff_dim, rate=0.1):
        super().__init__()
        self.att = layers.MultiHeadAttention(num_heads=num_heads, key_dim=embed_dim)
        self.ffn = keras.Sequential([layers.Dense(ff_dim, activation="relu"), layers.Dense(embed_dim)])
        self.layernorm1 = layers.LayerNormalization(epsilon=1e-6)
        self.layernorm2 = layers.LayerNormalization(epsilon=1e-6)
        self.dropout1 = layers.Dropout(rate)
        self.dropout2 = layers.Dropout(rate)

    def call(self, inputs):
        attn_output = self.att(inputs, inputs)
        attn_output = self.dropout1(attn_output)
        out1 = self.layernorm1(inputs + attn_output)
        ffn_output = self.ffn(out1)
        ffn_output = self.dropout2(ffn_output)
        return self.layernorm2(out1 + ffn_output)


class TokenAndPositionEmbedding(layers.Layer):
    def __init__(self, maxlen, vocab_size, embed_dim):
        super().__init__()
        self.token_emb = layers.Embedding(input_dim=vocab_size, output_dim=embed_dim)
        self.pos_emb = layers.Embedding(input_dim=maxlen, output_dim=embed_dim)

    def call(self, x):
        maxlen = ops.shape(x)[-1]
        positions = ops.arange(start=0, stop=maxlen, step=1)
        positions = self.pos_emb(positions)
        x = self.token_emb(x)
        return x + positions


def build_model(vocabulary_size, n_intents):
    """Build a network that takes word ids and gives a probability for each intent."""
    embed_dim = 32
    inputs = keras.Input((SENTENCE_LENGTH,))
    x = TokenAndPositionEmbedding(SENTENCE_LENGTH, vocabulary_size, embed_dim)(inputs)
    x = TransformerBlock(embed_dim, num_heads=2, ff_dim=32)(x)
    x = layers.GlobalAveragePooling1D()(x)
    x = layers.Dropout(0.1)(x)
    outputs = layers.Dense(n_intents, activation="softmax")(x)
    return keras.Model(inputs=inputs, outputs=outputs)

# %% compile_model
def compile_model(model):
    """Set how the model learns from intent numbers."""
    model.compile(optimizer=keras.optimizers.Adam(learning_rate=0.003), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model

# %% train_model
def train_model(model, x, y, epochs):
    """Train a compiled model."""
    history = model.fit(x, y, batch_size=32, epochs=epochs)
    return history

# %% reply
def reply(model, sentence):
    """Answer one sentence."""
    return REPLIES[np.argmax(model.predict(vectorize([sentence]), verbose=0), axis=-1)[0]]
