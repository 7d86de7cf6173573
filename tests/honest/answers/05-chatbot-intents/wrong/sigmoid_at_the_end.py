# case: sigmoid_at_the_end
# style: sigmoid instead of softmax in the last layer
# fails: build_model_fits
# may: loss_goes_down, compile_loss_fits_labels, paraphrases_are_understood, reply_asks_the_model
# says: each row must sum to 1; sigmoid treats every intent on its own, softmax shares 1 among them

# %% build_model
def build_model(vocabulary_size, n_intents):
    model = keras.Sequential()
    model.add(keras.Input((SENTENCE_LENGTH,)))
    model.add(keras.layers.Embedding(vocabulary_size, 16))
    model.add(keras.layers.GlobalAveragePooling1D())
    model.add(keras.layers.Dense(24, activation="relu"))
    model.add(keras.layers.Dense(n_intents, activation="sigmoid"))
    return model


# %% compile_model
def compile_model(model):
    model.compile(optimizer=keras.optimizers.Adam(learning_rate=0.01),
                  loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


# %% train_model
def train_model(model, x, y, epochs):
    return model.fit(x, y, epochs=epochs, verbose=0)


# %% reply
def reply(model, sentence):
    return REPLIES[np.argmax(model.predict(vectorize([sentence]), verbose=0), axis=1)[0]]

