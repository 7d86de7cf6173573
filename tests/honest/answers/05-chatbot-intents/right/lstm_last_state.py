# case: lstm_last_state
# style: the LSTM of the chatbot tutorials, with clipped gradients and from keras.layers imports

# %% build_model
from keras.layers import LSTM, Dense, Dropout, Embedding


def build_model(vocabulary_size, n_intents):
    model = keras.models.Sequential()
    model.add(keras.Input(shape=(SENTENCE_LENGTH,)))
    model.add(Embedding(input_dim=vocabulary_size, output_dim=32))
    model.add(LSTM(32))
    model.add(Dropout(0.2))
    model.add(Dense(n_intents, activation='softmax'))
    return model


# %% compile_model
def compile_model(model):
    adam = keras.optimizers.Adam(learning_rate=0.005, clipnorm=1.0)
    model.compile(loss='sparse_categorical_crossentropy', optimizer=adam, metrics=['accuracy'])
    return model


# %% train_model
def train_model(model, x, y, epochs):
    history = model.fit(np.array(x), np.array(y), epochs=epochs, batch_size=32, shuffle=True, verbose=0)
    return history


# %% reply
def reply(model, sentence):
    ids = vectorize([sentence])
    predicted = model.predict(ids, verbose=0)[0]
    ranked = sorted(enumerate(predicted), key=lambda pair: pair[1], reverse=True)
    return REPLIES[ranked[0][0]]

