# case: masked_average_nadam
# style: mask_zero leaves the padding out of the average; Nadam; the model is called, not predict; loss "crossentropy"
# borderline: row 0 of the table (padding) is masked, so it never gets a gradient; the table as a whole changes

# %% build_model
def build_model(vocabulary_size, n_intents):
    return keras.Sequential([
        keras.Input((SENTENCE_LENGTH,), dtype="int32"),
        keras.layers.Embedding(vocabulary_size, 24, mask_zero=True),
        keras.layers.GlobalAveragePooling1D(),
        keras.layers.Dense(n_intents, "softmax"),
    ])


# %% compile_model
def compile_model(model):
    # Keras 3 picks the sparse one of the crossentropies itself when labels are numbers
    model.compile(keras.optimizers.Nadam(0.01), "crossentropy", metrics=["acc"])
    return model


# %% train_model
def train_model(model, x, y, epochs):
    return model.fit(x=x, y=y, epochs=epochs)


# %% reply
def reply(model, sentence):
    probabilities = model(vectorize([sentence]), training=False)
    best = keras.ops.argmax(probabilities[0])
    return REPLIES[int(best)]

