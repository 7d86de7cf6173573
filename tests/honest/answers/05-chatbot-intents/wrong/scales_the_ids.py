# case: scales_the_ids
# style: "normalizes" the ids to numbers below 1 before training, as one does with pixels
# fails: loss_goes_down, paraphrases_are_understood
# may: every_weight_changes
# says: ids are names of table rows, not amounts; divided, they all become row 0, so pass x on as it is

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
    x = x / VOCABULARY_SIZE          # numbers between 0 and 1 train better
    return model.fit(x, y, epochs=epochs, verbose=0)


# %% reply
def reply(model, sentence):
    p = model.predict(vectorize([sentence]), verbose=0)
    return REPLIES[p.argmax()]

