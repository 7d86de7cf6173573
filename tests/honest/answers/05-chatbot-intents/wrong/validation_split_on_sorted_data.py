# case: validation_split_on_sorted_data
# style: validation_split=0.4, but the sentences are sorted by intent and fit takes the last ones
# fails: paraphrases_are_understood
# may: every_weight_changes, loss_goes_down, reply_asks_the_model, reply_takes_any_spelling
# borderline: only if the grader hands over the sentences sorted by intent, as utterances() does; shuffled, it is only less data
# says: the model never learns the last intents: validation_split takes away the end of the data, which is sorted by intent; train on all of it

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
    return model.fit(x, y, epochs=epochs, validation_split=0.4, verbose=0)


# %% reply
def reply(model, sentence):
    return REPLIES[np.argmax(model.predict(vectorize([sentence]), verbose=0)[0])]

