# case: plain_sgd
# style: optimizer "sgd" with its usual learning rate, as in many first tutorials
# fails: loss_goes_down, paraphrases_are_understood
# may: every_weight_changes, compile_sets_optimizer
# says: the loss hardly moves: plain gradient descent is far too slow for rare words; take Adam, with a learning rate of about 0.01

# %% build_model
def build_model(vocabulary_size, n_intents):
    model = keras.Sequential()
    model.add(keras.Input((SENTENCE_LENGTH,)))
    model.add(keras.layers.Embedding(vocabulary_size, 16))
    model.add(keras.layers.GlobalAveragePooling1D())
    model.add(keras.layers.Dense(n_intents, activation="softmax"))
    return model


# %% compile_model
def compile_model(model):
    model.compile(optimizer="sgd", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


# %% train_model
def train_model(model, x, y, epochs):
    return model.fit(x, y, epochs=epochs, verbose=0)


# %% reply
def reply(model, sentence):
    return REPLIES[np.argmax(model.predict(vectorize([sentence]), verbose=0)[0])]

