# case: lstm_masked
# style: LSTM with mask_zero=True, as in many tutorials; Adam with gradient clipping

# %% build_model
from keras.layers import LSTM, Dense, Embedding
from keras.models import Sequential

def build_model(vocabulary_size, n_intents):
    """Build a network that takes word ids and gives a probability for each intent."""
    model = Sequential()
    model.add(keras.Input((SENTENCE_LENGTH,)))
    model.add(Embedding(vocabulary_size, 16, mask_zero=True))
    model.add(LSTM(32))
    model.add(Dense(n_intents, activation="softmax"))
    return model

# %% compile_model
from keras.optimizers import Adam

def compile_model(model):
    """Set how the model learns from intent numbers."""
    model.compile(loss="sparse_categorical_crossentropy", optimizer=Adam(learning_rate=0.01, clipnorm=1.0), metrics=["acc"])
    return model

# %% train_model
def train_model(model, x, y, epochs):
    """Train a compiled model."""
    hist = model.fit(x, y, epochs=epochs, batch_size=32, verbose=1)
    return hist

# %% reply
def reply(model, sentence):
    """Answer one sentence."""
    pred = model.predict(vectorize([sentence]), verbose=0)
    return REPLIES[pred.argmax()]
