# case: always_eight_outputs
# style: writes the number 8 instead of the argument
# fails: build_model_fits
# may: embedding_fits_vocabulary
# says: the output must have n_intents numbers, not always 8: use the argument

# %% build_model
def build_model(vocabulary_size, n_intents):
    model = keras.Sequential([
        keras.Input((SENTENCE_LENGTH,)),
        keras.layers.Embedding(vocabulary_size, 16),
        keras.layers.GlobalAveragePooling1D(),
        keras.layers.Dense(8, activation="softmax"),
    ])
    return model


# %% compile_model
def compile_model(model):
    model.compile(
        optimizer=keras.optimizers.Adam(0.01),
        loss=keras.losses.SparseCategoricalCrossentropy(),
        metrics=["accuracy"],
    )
    return model


# %% train_model
def train_model(model, x, y, epochs):
    return model.fit(x, y, epochs=epochs, batch_size=16, verbose=0)


# %% reply
def reply(model, sentence):
    probabilities = model(vectorize([sentence])).numpy()
    return REPLIES[probabilities[0].argmax()]

