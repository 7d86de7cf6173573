# case: argmax_along_the_batch
# style: argmax with axis=0 over a batch of one, which always gives 0
# fails: reply_asks_the_model
# may: reply_takes_any_spelling, paraphrases_are_understood
# says: the reply is always the first one: predict gives one row for each sentence, and axis=0 compares sentences instead of intents

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
    output = model.predict(vectorize([sentence]), verbose=0)
    best = np.argmax(output, axis=0)
    return REPLIES[best[0]]

