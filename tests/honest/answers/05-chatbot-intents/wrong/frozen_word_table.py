# case: frozen_word_table
# style: trainable=False, copied from tutorials with ready-made word vectors
# fails: every_weight_changes
# may: loss_goes_down, paraphrases_are_understood, embedding_fits_vocabulary
# says: the word table never changes: with trainable=False its random numbers stay; let the embedding train

# %% build_model
def build_model(vocabulary_size, n_intents):
    embedding = keras.layers.Embedding(vocabulary_size, 32, trainable=False)
    return keras.Sequential([
        keras.Input((SENTENCE_LENGTH,)),
        embedding,
        keras.layers.GlobalAveragePooling1D(),
        keras.layers.Dense(n_intents, activation="softmax"),
    ])


# %% compile_model
def compile_model(model):
    adam = keras.optimizers.Adam(learning_rate=0.01)
    model.compile(optimizer=adam, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


# %% train_model
def train_model(model, x, y, epochs):
    return model.fit(x, y, epochs=epochs, verbose=0)


# %% reply
def reply(model, sentence):
    p = model.predict(vectorize([sentence]), verbose=0)[0]
    return REPLIES[max(range(len(p)), key=lambda i: p[i])]

