# case: attention_pooling
# style: learned attention weights over the ten words, with Dense(tanh), Softmax over axis 1, and Dot

# %% build_model
from keras import layers

def build_model(vocabulary_size, n_intents):
    """Build a network that takes word ids and gives a probability for each intent."""
    ids = keras.Input((SENTENCE_LENGTH,))
    words = layers.Embedding(vocabulary_size, 16)(ids)                   # (batch, 10, 16)
    keys = layers.Dense(16, activation="tanh")(words)                    # (batch, 10, 16)
    scores = layers.Dense(1, use_bias=False)(keys)                       # (batch, 10, 1)
    weights = layers.Softmax(axis=1)(scores)                             # sum to 1 over the words
    context = layers.Flatten()(layers.Dot(axes=1)([weights, words]))     # (batch, 16)
    return keras.Model(ids, layers.Dense(n_intents, activation="softmax")(context))

# %% compile_model
def compile_model(model):
    """Set how the model learns from intent numbers."""
    model.compile(optimizer=keras.optimizers.Adam(learning_rate=0.01),
                  loss='sparse_categorical_crossentropy',
                  metrics=['accuracy'])
    return model

# %% train_model
def train_model(model, x, y, epochs):
    """Train a compiled model."""
    training_history = model.fit(x, y, epochs=epochs, verbose=0)
    return training_history

# %% reply
def reply(model, sentence):
    """Answer one sentence."""
    x = vectorize([sentence])
    assert x.shape == (1, SENTENCE_LENGTH)
    p = model.predict(x, verbose=0).reshape(-1)
    return REPLIES[p.argmax()]
