# case: table_without_special_ids
# style: thinks that padding and unknown need no rows in the table, so subtracts 2
# fails: embedding_fits_vocabulary
# may: build_model_fits, loss_goes_down, every_weight_changes, paraphrases_are_understood, reply_asks_the_model, reply_takes_any_spelling, fit_returns_history, fit_runs_every_epoch
# says: the table needs a row for every id; vocabulary_size already counts padding and unknown, and the largest id is vocabulary_size - 1

# %% build_model
def build_model(vocabulary_size, n_intents):
    n_words = vocabulary_size - 2      # padding and unknown are not words
    return keras.Sequential([
        keras.Input((SENTENCE_LENGTH,)),
        keras.layers.Embedding(n_words, 16),
        keras.layers.GlobalAveragePooling1D(),
        keras.layers.Dense(n_intents, activation="softmax"),
    ])


# %% compile_model
def compile_model(model):
    model.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


# %% train_model
def train_model(model, x, y, epochs):
    history = model.fit(x, y, epochs=epochs, verbose=0)
    return history


# %% reply
def reply(model, sentence):
    probabilities = model.predict(vectorize([sentence]), verbose=0)
    return REPLIES[np.argmax(probabilities)]

