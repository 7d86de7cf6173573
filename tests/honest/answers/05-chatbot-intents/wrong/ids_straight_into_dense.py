# case: ids_straight_into_dense
# style: no embedding at all: Dense layers calculate with the ids
# fails: embedding_fits_vocabulary
# may: loss_goes_down, paraphrases_are_understood, every_weight_changes, build_model_fits
# says: an id is only a name, so a Dense layer must not calculate with it; put an Embedding layer with vocabulary_size rows first

# %% build_model
def build_model(vocabulary_size, n_intents):
    return keras.Sequential([
        keras.Input((SENTENCE_LENGTH,)),
        keras.layers.Dense(64, activation="relu"),
        keras.layers.Dense(32, activation="relu"),
        keras.layers.Dense(n_intents, activation="softmax"),
    ])


# %% compile_model
def compile_model(model):
    model.compile(optimizer=keras.optimizers.Adam(learning_rate=0.01),
                  loss="sparse_categorical_crossentropy",
                  metrics=["accuracy"])
    return model


# %% train_model
def train_model(model, x, y, epochs):
    return model.fit(x, y, epochs=epochs, verbose=0)


# %% reply
def reply(model, sentence):
    p = model.predict(vectorize([sentence]), verbose=0)[0]
    return REPLIES[int(np.argmax(p))]

