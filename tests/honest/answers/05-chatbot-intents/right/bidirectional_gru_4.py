# case: bidirectional_gru
# style: Bidirectional GRU, spatial dropout, Nadam; imports inside the functions

# %% build_model
def build_model(vocabulary_size, n_intents):
    """Build a network that takes word ids and gives a probability for each intent."""
    from keras import Input, Model
    from keras.layers import GRU, Bidirectional, Dense, Embedding, SpatialDropout1D

    word_ids = Input((SENTENCE_LENGTH,))
    net = Embedding(vocabulary_size, 32)(word_ids)
    net = SpatialDropout1D(0.2)(net)
    net = Bidirectional(GRU(24))(net)
    net = Dense(n_intents, activation="softmax")(net)
    return Model(word_ids, net)

# %% compile_model
def compile_model(model):
    """Set how the model learns from intent numbers."""
    from keras.optimizers import Nadam

    model.compile(optimizer=Nadam(learning_rate=0.005), loss="sparse_categorical_crossentropy", metrics=["sparse_categorical_accuracy"])
    return model

# %% train_model
def train_model(model, x, y, epochs):
    """Train a compiled model."""
    return model.fit(x, y, batch_size=32, epochs=epochs, verbose=2)

# %% reply
def reply(model, sentence):
    """Answer one sentence."""
    from operator import itemgetter

    scores = model.predict(vectorize([sentence]), verbose=0)[0].tolist()
    intent, _ = max(enumerate(scores), key=itemgetter(1))
    return REPLIES[intent]
