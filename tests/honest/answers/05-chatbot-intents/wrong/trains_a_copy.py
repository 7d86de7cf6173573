# case: trains_a_copy
# style: clones the model "to start fresh" and trains the clone
# fails: every_weight_changes, paraphrases_are_understood
# may: loss_goes_down, reply_asks_the_model, reply_takes_any_spelling
# says: the model that was passed in is the same as before: another model was trained; call fit on the argument

# %% build_model
def build_model(vocabulary_size, n_intents):
    model = keras.Sequential([
        keras.Input((SENTENCE_LENGTH,)),
        keras.layers.Embedding(vocabulary_size, 16),
        keras.layers.GlobalAveragePooling1D(),
        keras.layers.Dense(n_intents, activation="softmax"),
    ])
    return model


# %% compile_model
def compile_model(model):
    model.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


# %% train_model
def train_model(model, x, y, epochs):
    fresh = keras.models.clone_model(model)
    fresh.compile(optimizer=keras.optimizers.Adam(0.01),
                  loss="sparse_categorical_crossentropy",
                  metrics=["accuracy"])
    return fresh.fit(x, y, epochs=epochs, verbose=0)


# %% reply
def reply(model, sentence):
    return REPLIES[np.argmax(model.predict(vectorize([sentence]), verbose=0)[0])]

