# case: replies_with_the_intent
# style: returns the intent's name from INTENTS instead of Otto's reply
# fails: reply_asks_the_model
# may: reply_takes_any_spelling, paraphrases_are_understood
# says: the function returned the name of the intent; return the entry of REPLIES with that index

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
    probabilities = model.predict(vectorize([sentence]), verbose=0)[0]
    intent = INTENTS[np.argmax(probabilities)]
    return intent

