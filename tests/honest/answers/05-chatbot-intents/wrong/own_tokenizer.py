# case: own_tokenizer
# style: looks the words up by split(), without lower case and with the punctuation
# fails: reply_takes_any_spelling
# may: reply_asks_the_model, paraphrases_are_understood
# says: capital letters or punctuation change the answer: "GONE!!!" is not in the vocabulary; vectorize([sentence]) takes care of that

# %% build_model
def build_model(vocabulary_size, n_intents):
    return keras.Sequential([
        keras.Input((SENTENCE_LENGTH,)),
        keras.layers.Embedding(vocabulary_size, 16),
        keras.layers.GlobalAveragePooling1D(),
        keras.layers.Dense(n_intents, activation="softmax"),
    ])


# %% compile_model
def compile_model(model):
    model.compile(optimizer=keras.optimizers.Adam(0.01),
                  loss="sparse_categorical_crossentropy",
                  metrics=["accuracy"])
    return model


# %% train_model
def train_model(model, x, y, epochs):
    return model.fit(x, y, epochs=epochs, verbose=0)


# %% reply
def reply(model, sentence):
    ids = []
    for word in sentence.split():
        ids.append(WORD_IDS.get(word, 1))
    ids = ids[:SENTENCE_LENGTH]
    ids = [0] * (SENTENCE_LENGTH - len(ids)) + ids
    probabilities = model.predict(np.array([ids]), verbose=0)[0]
    return REPLIES[np.argmax(probabilities)]

