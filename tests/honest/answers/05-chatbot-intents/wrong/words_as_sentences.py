# case: words_as_sentences
# style: gives vectorize a list of words, so the model sees one sentence for each word
# fails: reply_asks_the_model
# may: reply_takes_any_spelling, paraphrases_are_understood
# borderline: sentences of one word come out right
# says: vectorize got a list of words, so each word became a row of its own; put the whole sentence into a list: vectorize([sentence])

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
    ids = vectorize(sentence.split())        # vectorize wants a list
    probabilities = model.predict(ids, verbose=0)[0]
    return REPLIES[np.argmax(probabilities)]
